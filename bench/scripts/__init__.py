"""What an analyst would write for the made-up survey: the estimates, straight from the files."""
