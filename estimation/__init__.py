"""Statistics of small groups: intervals, tests of differences, scales; pure functions."""
