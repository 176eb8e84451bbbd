"""Reading a text: look-alike signs, words, numbers in words, phrases, and what the wording is like."""
