"""How Doudi does what it does: one package a capability, none of them aware of Airflow."""
