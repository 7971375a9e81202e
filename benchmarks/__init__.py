"""How fast it is, told as ratios to reference bots measured in the same run. See docs/benchmarks.md."""
