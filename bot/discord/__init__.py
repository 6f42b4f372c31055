"""The Discord adapter: client, commands, rendering."""
