package embedded

// Waiting is how many writes wait for their turn.
func (d *Database) Waiting() int { return len(d.queue) }
