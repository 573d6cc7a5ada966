"""Sections 4.5 to 4.8: appraisal, bargaining, votes, approval by own boards, and public consultation."""
