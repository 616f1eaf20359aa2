package processes

import (
	"context"
	"errors"

	"github.com/google/uuid"
)

// Program is a function by itself, for whoever has its configuration and needs no deployment.
type Program struct{ pool *pool }

// NewProgram makes a program of a configuration; it is started by the first call. Output gets the
// lines that it logs.
func NewProgram(function Function, account Account, output func(function, line string)) *Program {
	return &Program{&pool{function: function, account: account, output: output, all: map[*process]bool{}}}
}

// Call has the program handle an event. An error holds, as JSON, what AWS Lambda would give the
// caller.
func (p *Program) Call(ctx context.Context, event []byte) ([]byte, error) {
	call := newCall(uuid.NewString(), event)
	p.pool.call(ctx, call)
	if call.failed != nil {
		return nil, errors.New(string(call.failed))
	}
	return call.answer, nil
}

// Start starts the program where it does not run, and waits until it asks for its first event.
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

// Close ends the program.
func (p *Program) Close() { p.pool.close() }
