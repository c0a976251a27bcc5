"""Deelwijzer: may this be shared about this young person, with whom, and on what ground?"""
