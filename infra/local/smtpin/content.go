package smtpin

import (
	"bytes"
	"errors"
	"io"
	"os"
	"time"
)

// pause is how long a message must keep silent behind what may be its end.
const pause = time.Second

// doubledEnd is how a message ends whose lines end in CR CR LF: programs write such lines that turn each
// line feed of a text with complete line ends into CR LF once more. RFC 5321 (4.1.1.4) demands CR LF
// before the dot, so that whoever gets others' texts passed on cannot end a message within one. So this
// end only counts where nothing follows it, and where the connection ends with it.
var doubledEnd = []byte("\r\r\n.\r\n")

// goodbye is what a client may send behind it without waiting for an answer.
var goodbye = []byte("QUIT\r\n")

// content reads a message and remembers how that ended.
type content struct {
	r io.Reader
	// connection is where the message comes from; nil where it comes in chunks of a known length.
	connection *connection
	patience   time.Duration
	// held are bytes that were read and not given out yet: they may belong to the end.
	held   []byte
	buffer []byte
	read   int64
	silent time.Duration
	ended  bool
	err    error
}

// newContent returns the reader of a message that comes over a connection.
func newContent(r io.Reader, connection *connection, patience time.Duration) *content {
	if _, chunks := r.(*io.PipeReader); chunks {
		connection = nil
	}
	return &content{r: r, connection: connection, patience: patience, buffer: make([]byte, 32<<10)}
}

// Read passes the message on.
func (c *content) Read(into []byte) (int, error) {
	for {
		if give := c.ready(); give > 0 {
			n := copy(into, c.held[:give])
			c.held = c.held[n:]
			c.read += int64(n)
			return n, nil
		}
		if c.err != nil {
			return 0, c.err
		}
		if c.ended {
			return 0, io.EOF
		}
		c.fill()
	}
}

// ready returns how many bytes can be given out: all at the end, and before it all but what may be part
// of it.
func (c *content) ready() int {
	if c.ended || c.err != nil {
		return len(c.held)
	}
	return max(0, len(c.held)-len(doubledEnd)-len(goodbye))
}

// fill reads more of the message.
func (c *content) fill() {
	n, err := c.r.Read(c.buffer)
	c.held = append(c.held[:len(c.held):len(c.held)], c.buffer[:n]...)
	if n > 0 {
		c.silent = 0
	}
	switch {
	case err == nil:
	case errors.Is(err, io.EOF):
		c.ended = true
	case c.connection == nil || !errors.Is(err, os.ErrDeadlineExceeded) || c.connection.over():
		c.err = err
	case bytes.HasSuffix(bytes.TrimSuffix(c.held, goodbye), doubledEnd):
		c.held = bytes.TrimSuffix(bytes.TrimSuffix(c.held, goodbye), []byte(".\r\n"))
		c.ended = true
		c.connection.finish()
	default:
		if c.silent += pause; c.silent >= c.patience {
			c.err = err
		}
	}
}
