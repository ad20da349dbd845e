import streamlit as st


def show(desk):
    st.title("library")
