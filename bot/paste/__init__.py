"""Reading a paste: the gate, redaction, blocks, facts and language. Pure: no I/O, no clock."""
