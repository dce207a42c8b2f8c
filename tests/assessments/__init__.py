"""Tests of the assessments library; none of them builds an application."""
