"""What `manage.py seed` fills the shop with: the demo's catalogue, customers and a month of orders."""
