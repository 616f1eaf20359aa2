package demo

// orgsOfAdria returns the organizations of Adria Networks.
func orgsOfAdria() []orgPlan {
	return []orgPlan{
		{"Rialto Hotels", "rialto-hotels.example", italian, []string{"Venezia", "Mestre", "Padova"}},
		{"Ελαιώνες Καλαμάτας Α.Ε.", "elaiones.example", greek, []string{"Καλαμάτα", "Μεσσήνη"}},
		{"Müllersche Großbäckerei", "muellersche.example", german, []string{"Graz", "Weiz", "Gleisdorf"}},
		{"Corso Farmacie", "corso-farmacie.example", italian, []string{"Trieste", "Gorizia"}},
		{"בית חולים גליל", "galil-hospital.example", hebrew, []string{"נהריה", "עכו"}},
		{"Luka Šibenik d.d.", "luka-sibenik.example", croatian, []string{"Šibenik", "Zadar"}},
		{"مجموعة واحة الخليج", "oasis-group.example", arabic, []string{"دبي", "الشارقة"}},
		{"Terme di Abano", "terme-abano.example", italian, []string{"Abano", "Montegrotto"}},
		{"Σχολεία Αιγαίου", "aegean-schools.example", greek, []string{"Σύρος", "Νάξος"}},
		{"Tischlerei Weißenböck", "weissenboeck.example", german, []string{"Linz", "Steyr"}},
		{"Plitvička Mljekara", "plitvice-dairy.example", croatian, []string{"Gospić", "Otočac"}},
		{"Porto Vecchio Logistica", "porto-vecchio.example", italian, []string{"Ravenna", "Ancona"}},
	}
}

// orgsOfNordlys returns the organizations of Nordlys Managed Services.
func orgsOfNordlys() []orgPlan {
	return []orgPlan{
		{"Fjord Logistics", "fjord-logistics.example", english, []string{"Bergen", "Ålesund", "Stavanger"}},
		{"Ærø Færgerne", "aeroe-faerger.example", danish, []string{"Ærøskøbing", "Svendborg"}},
		{"Zakłady Łódzkie Sp. z o.o.", "zaklady-lodzkie.example", polish, []string{"Łódź", "Pabianice"}},
		{"Київські пекарні", "kyiv-bakeries.example", ukrainian, []string{"Київ", "Бровари"}},
		{"Boreal Timber", "boreal-timber.example", english, []string{"Umeå", "Skellefteå"}},
		{"Øresund Biblioteker", "oeresund-bibliotek.example", danish, []string{"Helsingør", "Roskilde"}},
		{"Szpital Świętej Jadwigi", "szpital-jadwigi.example", polish, []string{"Kraków", "Wieliczka"}},
		{"Львівська політехніка — кампус", "lviv-campus.example", ukrainian, []string{"Львів", "Стрий"}},
		{"Midnight Sun Hotels", "midnight-sun.example", english, []string{"Tromsø", "Bodø"}},
		{"Skagen Røgeri", "skagen-roegeri.example", danish, []string{"Skagen", "Frederikshavn"}},
		{"Bałtyk Stocznia", "baltyk-stocznia.example", polish, []string{"Gdańsk", "Gdynia"}},
		{"Аптеки «Калина»", "kalyna.example", ukrainian, []string{"Одеса", "Ізмаїл"}},
	}
}

// orgsOfSakura returns the organizations of Sakura Networks.
func orgsOfSakura() []orgPlan {
	return []orgPlan{
		{"東京湾岸倉庫株式会社", "wangan-soko.example", japanese, []string{"江東", "川崎"}},
		{"上海晨光书店", "chenguang-books.example", chinese, []string{"徐汇", "浦东"}},
		{"गंगा टेक्सटाइल्स", "ganga-textiles.example", hindi, []string{"वाराणसी", "लखनऊ"}},
		{"旅館さざなみ", "sazanami.example", japanese, []string{"熱海", "箱根"}},
		{"Harbour City Clinics", "harbour-clinics.example", english, []string{"Kowloon", "Sha Tin"}},
		{"台北茶業合作社", "taipei-tea.example", chinese, []string{"坪林", "鹿谷"}},
		{"हिमालय विद्यालय समूह", "himalaya-schools.example", hindi, []string{"देहरादून", "मसूरी"}},
		{"北海道メロン農協", "hokkaido-melon.example", japanese, []string{"夕張", "富良野"}},
		{"Ramen Robot 🍜", "ramen-robot.example", japanese, []string{"渋谷", "難波"}},
		{"深圳联合工厂", "lianhe.example", chinese, []string{"龙华", "宝安"}},
		{"Mumbai Monsoon Foods", "monsoon-foods.example", hindi, []string{"अंधेरी", "ठाणे"}},
		{"京都染織工房", "kyoto-senshoku.example", japanese, []string{"西陣", "宇治"}},
	}
}

// directOrgs returns the direct customers of the platform.
func directOrgs() []orgPlan {
	return []orgPlan{
		{"Delta Mills", "delta-mills.example", english, []string{"Shipley", "Keighley"}},
		{"Université de l’Armorique", "armorique.example", french, []string{"Quimper", "Brest"}},
		{"Bodegas Ñandú", "bodegas-nandu.example", spanish, []string{"Logroño", "Haro"}},
		{"Stadtwerke Überlingen", "sw-ueberlingen.example", german, []string{"Überlingen", "Owingen"}},
		{"Pita & Pixel 🥙", "pita-pixel.example", english, []string{"Camden", "Hackney"}},
		{"Fromagerie Le Bœuf d’Or", "boeuf-dor.example", french, []string{"Annecy", "Chambéry"}},
		{"Clínica Peñíscola", "clinica-peniscola.example", spanish, []string{"Peñíscola", "Vinaròs"}},
		{"Castle Rock Schools", "castle-rock.example", english, []string{"Edinburgh", "Leith"}},
		{"Hafenbetriebe Föhr", "hafen-foehr.example", german, []string{"Wyk", "Dagebüll"}},
		{"Théâtre de l’Étoile", "theatre-etoile.example", french, []string{"Lyon", "Villeurbanne"}},
		{"Aceites Jaén", "aceites-jaen.example", spanish, []string{"Jaén", "Úbeda"}},
		{"Greenwich Observatory Cafés", "observatory-cafes.example", english, []string{"Greenwich", "Deptford"}},
	}
}
