package rights

import (
	"maps"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/infra/aws/settings"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// sources adds what AWS Lambda needs, using the function's role, to read from its event sources.
func (set statements) sources(s settings.Settings, f catalog.Function, feed string) {
	take := []string{"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
	if f.Queue != "" {
		set.add("Take"+camel(f.Queue), take, settings.ARN("sqs", s.Queue(f.Queue)))
	}
	if f.DeadLetters {
		for _, name := range queue.Names() {
			set.add("Take"+camel(name)+"Dead", take, settings.ARN("sqs", s.DeadLetters(name)))
		}
	}
	if f.Feed {
		set.add("Feed", []string{"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"}, feed)
		set.add("FeedList", []string{"dynamodb:ListStreams"}, "*")
	}
}

// statements are the statements of one policy, by id.
type statements map[string]Statement

func (set statements) add(id string, actions []string, resources ...string) {
	all := slices.Concat(set[id].Actions, actions)
	slices.Sort(all)
	set[id] = Statement{ID: id, Actions: slices.Compact(all), Resources: resources}
}

func (set statements) sorted() []Statement {
	sorted := make([]Statement, 0, len(set))
	for _, id := range slices.Sorted(maps.Keys(set)) {
		sorted = append(sorted, set[id])
	}
	return sorted
}

// camel writes "mail-send" as "MailSend", because statement ids allow only letters and digits.
func camel(name string) string {
	var joined strings.Builder
	for part := range strings.SplitSeq(name, "-") {
		joined.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return joined.String()
}
