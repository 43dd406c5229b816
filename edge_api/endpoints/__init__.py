"""What answers at each address: a request is read, a room is asked, the answer is put into words."""
