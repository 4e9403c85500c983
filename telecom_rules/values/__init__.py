"""Values as hosts pass them in and take them out: read, found by name, and pickled."""
