package support

import "time"

// setStatus moves the case to a state. A solved case closes automatically after solvedDays; 0 means
// never.
func (c *Case) setStatus(to Status, now time.Time, solvedDays int) {
	if to == c.Status {
		return
	}
	at := now.UnixMicro()
	if to != Pending && to != Hold {
		c.ReturnAt = 0
	}
	c.CloseAt = 0
	switch to {
	case Solved:
		c.Solved, c.Closed = at, 0
		if solvedDays > 0 {
			c.CloseAt = now.AddDate(0, 0, solvedDays).UnixMicro()
		}
	case Closed:
		c.Closed = at
		if c.Solved == 0 {
			c.Solved = at
		}
	default:
		c.Solved, c.Closed = 0, 0
	}
	c.Status = to
	if !to.Done() {
		c.Archived = false
	}
}

// reopens reports whether a reply reopens the case: always if it is waiting or solved, and within
// reopenDays if it is closed; 0 means always.
func (c Case) reopens(now time.Time, reopenDays int) bool {
	return c.Closed == 0 || reopenDays == 0 || now.Before(time.UnixMicro(c.Closed).AddDate(0, 0, reopenDays))
}
