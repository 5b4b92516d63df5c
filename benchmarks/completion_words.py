"""Words of real titles, for the families of the completion benchmark."""

from __future__ import annotations


def _listed(text: str) -> list[str]:
    return text.split()


SMALL = _listed("""
the in of to for on with after and over at as
""")

ENGLISH = _listed("""
ceasefire agreement announced president minister foreign troops border conflict region government parliament election results
protest police capital security council sanctions export gas pipeline energy prices inflation central bank market trade deal talks
leaders summit meeting visit statement military exercise drone attack missile strike civilians killed wounded hospital school
children refugees aid convoy humanitarian corridor prisoners exchange court trial sentence opposition leader arrested journalist
media freedom internet shutdown hackers cyber group data breach leak documents reveal investigation corruption company shares
profit factory workers union wages pension reform budget deficit debt crisis recovery growth forecast climate flood earthquake
wildfire rescue victims death toll rises virus vaccine doses lockdown restrictions lifted airport flights resume rail bridge
reopens harbour ship cargo grain blockade navy exercise alliance members treaty nuclear inspectors reactor plant safety warning
analysis explained timeline history monument church dispute land reform village residents return homes destroyed mines cleared
peacekeepers deployed mandate extended resolution vote veto draft law constitution referendum turnout poll support falls coalition
partners resign cabinet appointed envoy mediator proposal rejected accepted terms deadline looms artillery tanks brigade offensive
frontline withdrawal positions captured retreat reinforcements general commander dismissed
""")

RUSSIAN = _listed("""
президент министр правительство соглашение перемирие конфликт регион войска граница переговоры лидеры саммит встреча заявление
санкции экспорт газ нефть рынок цены инфляция банк рубль бюджет выборы результаты парламент партия оппозиция суд приговор полиция
протест столица безопасность совет армия учения ракета удар беспилотник раненые больница школа дети беженцы помощь колонна коридор
пленные обмен журналист свобода интернет утечка документы расследование завод рабочие пенсия реформа кризис рост прогноз погода
наводнение землетрясение пожар спасатели жертвы вирус вакцина ограничения аэропорт рейсы мост порт корабль зерно флот договор
инспекция реактор станция предупреждение анализ история памятник церковь спор земля деревня жители дома
""")

GREEK = _listed("""
πρόεδρος υπουργός κυβέρνηση συμφωνία εκεχειρία σύνορα περιοχή στρατός διαπραγματεύσεις ηγέτες σύνοδος δήλωση κυρώσεις εξαγωγές
ενέργεια τιμές πληθωρισμός τράπεζα αγορά εκλογές αποτελέσματα κόμμα δικαστήριο αστυνομία πρωτεύουσα ασφάλεια συμβούλιο νοσοκομείο
σχολείο παιδιά πρόσφυγες βοήθεια λιμάνι πλοίο σεισμός πυρκαγιά θύματα εμβόλιο περιορισμοί αεροδρόμιο γέφυρα
""")

HEBREW = _listed("""
נשיא שר ממשלה הסכם הפסקה אש גבול אזור צבא שיחות מנהיגים פסגה הצהרה סנקציות יצוא אנרגיה מחירים בנק שוק בחירות תוצאות מפלגה משטרה
בירה ביטחון מועצה תקיפה טיל אזרחים פצועים בית חולים ילדים פליטים סיוע נמל אוניה רעידת אדמה שריפה חיסון מגבלות שדה תעופה
""")

SPANISH = _listed("""
presidente ministro gobierno acuerdo tregua frontera region tropas conversaciones lideres cumbre declaracion sanciones gas energia
precios inflacion banco mercado elecciones resultados partido tribunal policia capital seguridad consejo ataque misil civiles
heridos hospital escuela refugiados ayuda puerto barco terremoto incendio victimas vacuna restricciones aeropuerto puente
""")

FRENCH = _listed("""
president ministre gouvernement accord treve frontiere region troupes pourparlers dirigeants sommet declaration sanctions gaz
energie prix inflation banque marche elections resultats parti tribunal police capitale securite conseil attaque missile civils
blesses hopital ecole refugies aide port navire seisme incendie victimes vaccin restrictions aeroport pont enquete
""")

TURKISH = _listed("""
cumhurbaskani bakan hukumet anlasma ateskes sinir bolge birlikler gorusmeler liderler zirve aciklama yaptirimlar ihracat gaz
enerji fiyatlar enflasyon banka piyasa secim sonuclari parti mahkeme polis baskent guvenlik konsey saldiri fuze siviller yarali
hastane okul cocuklar multeciler yardim liman gemi deprem yangin kurbanlar asi kisitlamalar havalimani kopru
""")
