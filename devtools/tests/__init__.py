"""Tests of the tool itself: no network, no host needed."""
