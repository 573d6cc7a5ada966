"""Where the chunks of a sweep run: threads of this process, Dask, or jobs of Slurm."""
