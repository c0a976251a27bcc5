"""The same four norms in other languages: Cedar and answer set programming, beside the rules of this project."""
