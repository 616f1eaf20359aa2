package processes

import (
	"context"
	"errors"

	"github.com/google/uuid"
)

// Program runs one function without a deployment, from its configuration.
type Program struct{ pool *pool }

// NewProgram returns the program of a configuration; the first call starts it. Output receives the
// lines that it logs.
func NewProgram(function Function, account Account, output func(function, line string)) *Program {
	return &Program{&pool{function: function, account: account, output: output, all: map[*process]bool{}}}
}

// Call passes an event to the program. An error contains, as JSON, what AWS Lambda would return to
// the caller.
func (p *Program) Call(ctx context.Context, event []byte) ([]byte, error) {
	call := newCall(uuid.NewString(), event)
	p.pool.call(ctx, call)
	if call.failed != nil {
		return nil, errors.New(string(call.failed))
	}
	return call.answer, nil
}

// Start starts the program if it is not running, and waits until it asks for its first event.
func (p *Program) Start() error {
	one, err := p.pool.take()
	if err != nil {
		return err
	}
	p.pool.mutex.Lock()
	defer p.pool.mutex.Unlock()
	p.pool.idle = append(p.pool.idle, one)
	return nil
}

// Close stops the program.
func (p *Program) Close() { p.pool.close() }
