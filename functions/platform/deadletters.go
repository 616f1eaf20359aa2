package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/deadletter"
)

// DeadLetter is a message that failed too often.
type DeadLetter struct {
	ID       string `json:"id"`
	Queue    string `json:"queue"`
	Group    string `json:"group" doc:"The tenant that the message belongs to."`
	Body     any    `json:"body"`
	Reason   string `json:"reason" doc:"The error of the last attempt."`
	Receives int    `json:"receives" doc:"How many attempts there were."`
	Time     int64  `json:"timestamp" doc:"When it became a dead letter, in epoch seconds."`
}

type deadLettersOutput struct {
	Body struct {
		Limit   int          `json:"limit"`
		Results []DeadLetter `json:"results" doc:"The newest first."`
		Next    string       `json:"next,omitempty" doc:"The path of the next page; absent at the end."`
	}
}

// listDeadLetters lists the dead letters.
func listDeadLetters(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.list_dead_letters", "/platform/dead_letters",
		"List the dead letters: messages that failed too often (operators)",
		func(ctx context.Context, in *endpoint.Cursor) (*deadLettersOutput, error) {
			after, err := in.After(ctx)
			if err != nil {
				return nil, err
			}
			page, err := s.DeadLetters.List(ctx, endpoint.Principal(ctx), in.Limit, after)
			if err != nil {
				return nil, err
			}
			out := &deadLettersOutput{}
			out.Body.Limit, out.Body.Results = in.Limit, make([]DeadLetter, 0, len(page.Letters))
			for _, letter := range page.Letters {
				out.Body.Results = append(out.Body.Results, deadLetterOf(letter))
			}
			out.Body.Next = endpoint.Next(ctx, page.Next)
			return out, nil
		}).
		Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

func deadLetterOf(l deadletter.Letter) DeadLetter {
	return DeadLetter{
		ID:       l.ID,
		Queue:    l.Queue,
		Group:    l.Group,
		Body:     l.Body,
		Reason:   l.Reason,
		Receives: l.Receives,
		Time:     l.Time,
	}
}

// MessageID names a message in the path.
type MessageID struct {
	MessageID string `path:"message_id" format:"uuid"`
}

type deadLetterOutput struct {
	Body DeadLetter
}

// getMessage reads a dead letter.
func getMessage(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.get_message", "/platform/dead_letters/{message_id}", "Read a dead letter (operators)",
		func(ctx context.Context, in *MessageID) (*deadLetterOutput, error) {
			letter, err := s.DeadLetters.Get(ctx, endpoint.Principal(ctx), in.MessageID)
			return &deadLetterOutput{Body: deadLetterOf(letter)}, err
		}).
		Using(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put))
}

// replayMessage puts a dead letter back on its queue.
func replayMessage(s Services) endpoint.Endpoint {
	return endpoint.Post("platform.replay_message", "/platform/dead_letters/{message_id}/replay",
		"Put a dead letter back on its queue (operators)",
		func(ctx context.Context, in *MessageID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.DeadLetters.Replay(ctx, endpoint.Principal(ctx), in.MessageID)
		}).
		Using(grant.On(grant.Core, grant.Delete, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}

// deleteMessage deletes a dead letter.
func deleteMessage(s Services) endpoint.Endpoint {
	return endpoint.Delete("platform.delete_message", "/platform/dead_letters/{message_id}",
		"Delete a dead letter permanently (operators)",
		func(ctx context.Context, in *MessageID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.DeadLetters.Discard(ctx, endpoint.Principal(ctx), in.MessageID)
		}).
		Using(grant.On(grant.Core, grant.Delete, grant.Get), grant.On(grant.Audit, grant.Put))
}
