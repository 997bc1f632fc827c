"""What people did: studies received, boxes drawn and reviewed, bone ages read, settled and approved."""
