"""What is acceptable: Great Expectations suites as code, and the gate that runs them before anything is published.

``from_contract`` derives the acceptance suites from the contracts; ``suites`` holds the publication suites, one
module a schema; ``vocabulary`` is the handful of checks both speak; ``evaluate`` is the process that runs them;
``gate`` gives the verdict and ``page`` shows it.
"""
