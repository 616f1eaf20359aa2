package identity

// Granted is the set of consents that are given at one moment.
type Granted uint8

// AllGranted has every consent.
const AllGranted Granted = 1<<6 - 1

// granting returns the set of one consent; empty for one that does not exist.
func granting(kind ConsentKind, grantee Grantee) Granted {
	bit := 0
	switch kind {
	case SupportAccess:
	case UserManagement:
		bit = 2
	case PersonalData:
		bit = 4
	default:
		return 0
	}
	switch grantee {
	case ToOperator:
	case ToMSP:
		bit++
	default:
		return 0
	}
	return 1 << bit
}

// Has reports whether a consent is in the set.
func (g Granted) Has(kind ConsentKind, grantee Grantee) bool {
	one := granting(kind, grantee)
	return one != 0 && g&one != 0
}

// Grant returns the set with a consent added or removed.
func (g Granted) Grant(kind ConsentKind, grantee Grantee, given bool) Granted {
	if given {
		return g | granting(kind, grantee)
	}
	return g &^ granting(kind, grantee)
}

// withheld returns the permissions that a grantee lacks in an organization for want of consent.
func withheld(granted Granted, grantee Grantee) Permission {
	var lacking Permission
	if !granted.Has(SupportAccess, grantee) {
		lacking |= SeeCases | OpenCases | AnswerCases | DeleteCases
	}
	if !granted.Has(UserManagement, grantee) {
		lacking |= SeeAdministrators | ChangeAdministrators
	}
	if !granted.Has(PersonalData, grantee) {
		lacking |= SeePersonalData
	}
	return lacking
}
