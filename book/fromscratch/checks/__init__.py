"""What the library refuses, and with which words: kinds of arguments, the sliding window, shapes."""
