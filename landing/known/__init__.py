"""One delivery against all else that is known: the frame of its wave, and the files of others."""
