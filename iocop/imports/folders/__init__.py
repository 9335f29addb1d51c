"""The repertoire as a folder of files that anything can read, and back again."""
