"""What stands around the platform: broker, database, images, and the demo."""
