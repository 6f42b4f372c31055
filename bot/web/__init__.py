"""The desk on a web page: the queue and its decisions in a browser, for who signs in through Discord."""
