package folder

import (
	"errors"
	"os"
	"sync"
)

// directory makes changes of one subfolder durable. Callers that wait while an fsync is running
// share the next one.
type directory struct {
	path    string
	syncing sync.Mutex // held during an fsync

	guard sync.Mutex
	next  *round
}

// round is one fsync for all callers that joined before it began. Its fields are guarded by the
// directory's syncing.
type round struct {
	done bool
	err  error
}

// adopt moves a finished temporary file to its final place, durably.
func (d *directory) adopt(temporary, path string) error {
	err := os.Rename(temporary, path)
	if err == nil {
		err = d.sync()
	}
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// sync returns when every change made in the directory before the call is durable.
func (d *directory) sync() error {
	mine := d.join()
	d.syncing.Lock()
	defer d.syncing.Unlock()
	if !mine.done {
		d.close()
		mine.err, mine.done = fsync(d.path), true
	}
	return mine.err
}

// join enters the round that has not begun yet.
func (d *directory) join() *round {
	d.guard.Lock()
	defer d.guard.Unlock()
	if d.next == nil {
		d.next = new(round)
	}
	return d.next
}

// close stops callers from joining the round.
func (d *directory) close() {
	d.guard.Lock()
	defer d.guard.Unlock()
	d.next = nil
}

func fsync(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
