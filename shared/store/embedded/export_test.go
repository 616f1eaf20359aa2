package embedded

// Waiting returns the number of writes that wait for their turn.
func (d *Database) Waiting() int { return len(d.queue) }
