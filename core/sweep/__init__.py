"""Sweeps: one lab over many parameter sets, on this machine or on a cluster.

A `Definition` says which cells there are; workers measure them (`cells`), on processes that
`workers` provides; `run` hands them out and `store` keeps what comes back, one row a cell.
"""
