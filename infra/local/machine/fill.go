package machine

import (
	"context"
	"errors"
	"io"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/infra/local/smtpin"
)

// Opened is an installation that is open but serves nobody, and whose workers do not run by
// themselves.
type Opened struct {
	Services catalog.Services
	program  Program
	parts    *parts
	workers  []served
}

// served is a worker with its function.
type served struct {
	worker   worker.Worker
	function worker.Function
}

// Fill opens the data folder, calls fill with the installation, and closes it. What waits on the
// queues afterwards is processed once the program serves.
func (p Program) Fill(ctx context.Context, fill func(ctx context.Context, opened *Opened) error) (err error) {
	built, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, built.database.Close()) }()
	opened := &Opened{Services: built.services, program: p, parts: built}
	for _, declared := range catalog.Workers(built.services) {
		opened.workers = append(opened.workers,
			served{declared, worker.Serve(declared, built.services.DeadLetters, nil, p.Log)})
	}
	return fill(ctx, opened)
}

// Settle passes committed messages to their queues and processes all that is ready there, until
// nothing is: what the workers would do by themselves, in the same order each time.
func (o *Opened) Settle(ctx context.Context) error {
	relay := catalog.Relay(o.Services)
	for {
		more, err := relaySome(ctx, o.parts, relay.Handle)
		if err != nil {
			return err
		}
		for _, one := range o.workers {
			deliveries, err := o.parts.queues.Receive(ctx, one.worker.Queue, batchOf(one.worker.Queue))
			if err != nil {
				return err
			}
			if len(deliveries) == 0 {
				continue
			}
			more = true
			if err := settle(ctx, o.parts, one.function, deliveries); err != nil {
				return err
			}
		}
		if !more {
			return nil
		}
	}
}

// Deliver takes in a mail like the SMTP server: it stores the mail, checks its sender, and puts it
// on the queue.
func (o *Opened) Deliver(ctx context.Context, envelope smtpin.Envelope, content io.Reader) error {
	return o.program.deliver(ctx, o.parts, authenticator(o.program.Settings.Senders), envelope, content)
}
