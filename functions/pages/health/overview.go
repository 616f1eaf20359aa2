package health

import (
	"strconv"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/audit/archive"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/flow"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// mostCounted is up to how many dead letters are counted.
const mostCounted = 100

// queues is how many messages wait where.
type queues struct {
	depths []queue.Depth
	// silent is set if a queue does not answer.
	silent bool
	// letters is the number of dead letters, as in "3" or "100+".
	letters string
	read    int64 // when, in microseconds since 1970
}

// total is the sum over all queues.
func (q queues) total() queue.Depth {
	var sum queue.Depth
	for _, one := range q.depths {
		sum.Waiting += one.Waiting
		sum.InFlight += one.InFlight
		sum.Delayed += one.Delayed
		sum.Dead += one.Dead
	}
	return sum
}

// overview is how the platform is.
type overview struct {
	queues
	index lists.IndexState
	usage intake.QuarantineUsage
	mails []flow.Day
	// kept is how far the archive of the audit log is.
	kept archive.State
}

// flowDays is how many days the charts of mails have.
const flowDays = 30

// points are the mails of a kind by day.
func (o overview) points(kind flow.Kind) []kit.Point {
	points := make([]kit.Point, len(o.mails))
	for i, day := range o.mails {
		points[i] = kit.Point{Label: day.Day, Value: day.Mails[kind]}
	}
	return points
}

// overview shows how the platform is.
func (p Pages) overview(v *kit.Visit) error {
	var shown overview
	var err error
	if shown.queues, err = p.readQueues(v); err != nil {
		return err
	}
	if shown.index, err = p.Lists.IndexState(v.Context(), *v.By, lists.Scope{}); err != nil {
		return err
	}
	if shown.usage, err = p.Intake.QuarantineUsage(v.Context(), *v.By); err != nil {
		return err
	}
	if shown.mails, err = p.Intake.MailFlow(v.Context(), *v.By, flowDays); err != nil {
		return err
	}
	if shown.kept, err = p.Archive.State(v.Context(), *v.By); err != nil {
		return err
	}
	return v.Show(overviewPage(v.Frame(v.T("Health of the platform")), shown))
}

// queues shows the part of the overview that the script fetches again and again.
func (p Pages) queues(v *kit.Visit) error {
	shown, err := p.readQueues(v)
	if err != nil {
		return err
	}
	return v.Show(queuesPart(v.Frame(v.T("Queues")), shown))
}

func (p Pages) readQueues(v *kit.Visit) (queues, error) {
	if err := scope.Platform(v); err != nil {
		return queues{}, err
	}
	depths, err := p.DeadLetters.Queues(v.Context(), *v.By)
	silent := fault.Is(err, fault.Unavailable)
	if err != nil && !silent {
		return queues{}, err
	}
	page, err := p.DeadLetters.List(v.Context(), *v.By, mostCounted, "")
	letters := strconv.Itoa(len(page.Letters))
	if page.Next != "" {
		letters += "+"
	}
	return queues{depths: depths, silent: silent, letters: letters, read: v.Now().UnixMicro()}, err
}
