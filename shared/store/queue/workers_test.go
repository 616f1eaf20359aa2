package queue_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/store/queue"
)

func TestWorkersThatAreNotNamedStayAsUsual(t *testing.T) {
	usual := map[string]int{queue.MailSend: 4, queue.CasesJobs: 2}
	got, err := queue.ReadWorkers(" cases-jobs=9, mail-receive=1,", usual, 1, 9)
	want := map[string]int{queue.MailSend: 4, queue.CasesJobs: 9, queue.MailReceive: 1}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if usual[queue.CasesJobs] != 2 {
		t.Error("the usual numbers changed")
	}
	for text, part := range map[string]string{
		"mails=2": "there is no queue", "mail-send": "from 1 to 9", "mail-send=0": "from 1 to 9", "mail-send=10": "from 1 to 9",
		"mail-send=a": "as in mail-send=1",
	} {
		if _, err := queue.ReadWorkers(text, usual, 1, 9); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
