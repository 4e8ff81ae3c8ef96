"""The dashboard, a Streamlit app; the only package that imports Streamlit."""
