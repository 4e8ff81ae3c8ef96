"""How it looks: the home of Streamlit."""
