"""The synthetic example survey: who exists, what they would answer, who answers, and the files."""
