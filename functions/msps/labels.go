package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Label is a label as clients see it; they know it as an organization group.
type Label struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	MSPID    string    `json:"msp_id"`
	OrgIDs   *[]string `json:"org_ids,omitempty" doc:"The organizations with the label. Absent in the list of labels if there are more than 20,000 in all: read the label."`
	Created  int64     `json:"created_time" doc:"Epoch seconds."`
	Modified int64     `json:"modified_time" doc:"Epoch seconds."`
	Revision int64     `json:"revision" doc:"Grows with every change. Send it with a change to detect concurrent changes."`
}

type labelOutput struct {
	Body Label
}

// shape returns a label for clients, with the organizations that have it.
func (s Services) shape(ctx context.Context, mspID string, l tenant.Label) (*labelOutput, error) {
	orgs, err := s.Tenants.LabelledOrgs(ctx, endpoint.Principal(ctx), mspID, l.ID)
	if err != nil {
		return nil, err
	}
	shown := labelOf(mspID, l)
	shown.OrgIDs = new(append([]string{}, orgs...))
	return &labelOutput{Body: shown}, nil
}

func labelOf(mspID string, l tenant.Label) Label {
	return Label{ID: l.ID, Name: l.Name, MSPID: mspID, Created: l.Created, Modified: l.Modified, Revision: l.Version}
}

type labelsOutput struct {
	endpoint.PageHeaders
	Body []Label
}

type listLabelsInput struct {
	ID
	endpoint.Pages
}

// listLabels lists the labels of an MSP with the organizations that have them.
func listLabels(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.list_labels", "/msps/{msp_id}/orggroups", "List the labels of an MSP, by name",
		func(ctx context.Context, in *listLabelsInput) (*labelsOutput, error) {
			labels, orgs, err := s.Tenants.LabelsWithOrgs(ctx, endpoint.Principal(ctx), in.MSPID)
			if err != nil {
				return nil, err
			}
			page, headers := endpoint.PageOf(labels, in.Pages)
			out := &labelsOutput{PageHeaders: headers, Body: make([]Label, 0, len(page))}
			for _, label := range page {
				shown := labelOf(in.MSPID, label)
				if orgs != nil {
					shown.OrgIDs = new(append([]string{}, orgs[label.ID]...))
				}
				out.Body = append(out.Body, shown)
			}
			return out, nil
		}).ReadsMuch().Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

type createLabelInput struct {
	ID
	Body struct {
		Name   string    `json:"name" minLength:"1" maxLength:"64" doc:"Unique among the labels of the MSP, however it is capitalized."`
		OrgIDs *[]string `json:"org_ids,omitempty" maxItems:"40" doc:"The organizations that get the label."`
	}
}

// createLabel creates a label.
func createLabel(s Services) endpoint.Endpoint {
	return endpoint.Post("msps.create_label", "/msps/{msp_id}/orggroups", "Create a label, with up to 40 organizations",
		func(ctx context.Context, in *createLabelInput) (*labelOutput, error) {
			label, err := s.Tenants.NewLabel(ctx, endpoint.Principal(ctx), in.MSPID,
				tenant.LabelChange{Name: &in.Body.Name, OrgIDs: in.Body.OrgIDs})
			if err != nil {
				return nil, err
			}
			return s.shape(ctx, in.MSPID, label)
		}).Using(grant.On(grant.Core, grant.Count, grant.Get, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}

// LabelID names a label of an MSP in the path.
type LabelID struct {
	ID
	LabelID string `path:"orggroup_id" format:"uuid"`
}

// getLabel reads a label.
func getLabel(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.get_label", "/msps/{msp_id}/orggroups/{orggroup_id}", "Read a label",
		func(ctx context.Context, in *LabelID) (*labelOutput, error) {
			label, err := s.Tenants.Label(ctx, endpoint.Principal(ctx), in.MSPID, in.LabelID)
			if err != nil {
				return nil, err
			}
			return s.shape(ctx, in.MSPID, label)
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

type changeLabelInput struct {
	LabelID
	Body struct {
		Name     *string   `json:"name,omitempty" minLength:"1" maxLength:"64"`
		OrgIDs   *[]string `json:"org_ids,omitempty" maxItems:"10000" doc:"All organizations that are to have the label. One call gives it to and takes it from at most 40 organizations; /msps/{msp_id}/orgs/bulk is for more."`
		Revision int64     `json:"revision,omitempty" minimum:"1" doc:"The revision that the change is based on; 409 if there is a newer one."`
	}
}

// changeLabel changes a label's name, or the organizations that have it.
func changeLabel(s Services) endpoint.Endpoint {
	return endpoint.Put("msps.change_label", "/msps/{msp_id}/orggroups/{orggroup_id}", "Change a label",
		func(ctx context.Context, in *changeLabelInput) (*labelOutput, error) {
			label, err := s.Tenants.ChangeLabel(ctx, endpoint.Principal(ctx), in.MSPID, in.LabelID.LabelID,
				tenant.LabelChange{Name: in.Body.Name, OrgIDs: in.Body.OrgIDs, Version: in.Body.Revision})
			if err != nil {
				return nil, err
			}
			return s.shape(ctx, in.MSPID, label)
		}).Using(grant.On(grant.Core, grant.Count, grant.Get, grant.Query, grant.Put, grant.Delete), grant.On(grant.Audit, grant.Put))
}

// deleteLabel deletes a label.
func deleteLabel(s Services) endpoint.Endpoint {
	return endpoint.Delete("msps.delete_label", "/msps/{msp_id}/orggroups/{orggroup_id}",
		"Delete a label that at most 40 organizations have; the organizations stay",
		func(ctx context.Context, in *LabelID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Tenants.DeleteLabel(ctx, endpoint.Principal(ctx), in.MSPID, in.LabelID)
		}).Using(grant.On(grant.Core, grant.Query, grant.Put, grant.Delete), grant.On(grant.Audit, grant.Put))
}
