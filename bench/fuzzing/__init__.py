"""What `bench.fuzz_readers` is made of: files to break, ways to break them, and the landing."""
