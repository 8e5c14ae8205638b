"""Charts of the plan, of the consultative processes and of answers, laid out in Python and rendered as SVG."""
