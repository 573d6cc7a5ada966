"""The teaching page: a small server for one static page, with fans, headlines and minutes of futures that are
simulated on request.
"""
