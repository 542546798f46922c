"""What Zoetrope claims about speed, each claim with its peer measured in the same run.

`python -m benchmarks` runs them all, prints what they found and stores it in `results.json`;
`python -m benchmarks rope_batch start_up` runs some. A benchmark is a module with a `run` that
returns a `Report`.
"""
