"""Short honest words for the charts of every language we mean to ship; they ship nowhere.

Each row is title, subtitle, caveat, lower level, upper level, intensity of longs, of
shorts, bars, curves, clusters, price axis and the mark of simulated data.
"""

from collections.abc import Mapping
from decimal import Decimal

from composer.figures.report import Figures
from composer.text.amounts import AmountFormatter
from composer.text.writing import WrittenChart

WORDS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "{symbol}: shorts above {price} outweigh longs below by {upper} to {lower}",
        "Liquidation intensity by price · estimated from public data of {source} · {time}",
        "Shows where leverage sits, not where price must go. Intensity is a model's relative "
        "weight, not the sum that would be liquidated.",
        "Lower level {level}",
        "Upper level {level}",
        "{amount} of long intensity",
        "{amount} of short intensity",
        "Long liquidation intensity",
        "Short liquidation intensity",
        "Bars: intensity per price bucket, USD",
        "Curves: sum from the price outward, USD",
        "Shaded: clusters",
        "Price, USD",
        "SIMULATED DATA",
    ),
    "zh_Hans": (
        "{symbol} 上方空头清算强度{upper}，明显高于下方多头的{lower}",
        "各价位清算强度 · 根据{source}公开数据估算 · {time}",
        "图示杠杆所在，不预示价格走向。清算强度为模型的相对权重，并非将被清算的金额。",
        "下方关口 {level}",
        "上方关口 {level}",
        "多头强度 {amount}",
        "空头强度 {amount}",
        "多头清算强度",
        "空头清算强度",
        "柱：每个价格区间的强度，美元",
        "曲线：由现价向外累计，美元",
        "阴影：密集区",
        "价格，美元",
        "模拟数据",
    ),
    "ja": (
        "{symbol}：上のショート清算強度は{upper}、下のロング{lower}を上回る",
        "価格別の清算強度 · {source}の公開データから推計 · {time}",
        "レバレッジの所在を示すもので、価格の行方を示すものではありません。強度はモデルによる相対的な重みです。",
        "下の水準 {level}",
        "上の水準 {level}",
        "ロング強度 {amount}",
        "ショート強度 {amount}",
        "ロングの清算強度",
        "ショートの清算強度",
        "棒：価格帯ごとの強度（米ドル）",
        "曲線：現在価格からの累計（米ドル）",
        "網掛け：集中帯",
        "価格（米ドル）",
        "模擬データ",
    ),
    "ru": (
        "{symbol}: интенсивность шортов выше цены {upper}, лонгов ниже — {lower}",
        "Интенсивность ликвидаций по ценам · оценка по открытым данным {source} · {time}",
        "Показывает, где сосредоточено плечо, а не куда пойдёт цена. Интенсивность — "
        "относительный вес в модели, а не сумма будущих ликвидаций.",
        "Нижний уровень {level}",
        "Верхний уровень {level}",
        "интенсивность лонгов {amount}",
        "интенсивность шортов {amount}",
        "Интенсивность ликвидаций лонгов",
        "Интенсивность ликвидаций шортов",
        "Столбцы: интенсивность в ценовом интервале, доллары",
        "Кривые: сумма от текущей цены наружу, доллары",
        "Фон: скопления",
        "Цена, доллары",
        "СМОДЕЛИРОВАННЫЕ ДАННЫЕ",
    ),
    "ar": (
        "{symbol}: شدة تصفية المراكز القصيرة فوق السعر {upper} مقابل {lower} للمراكز الطويلة تحته",
        "شدة التصفية حسب السعر · تقدير من بيانات {source} العامة · {time}",
        "يوضح الرسم أين تتركز الرافعة المالية، لا إلى أين سيتجه السعر. الشدة وزن نسبي في نموذج، "
        "وليست المبلغ الذي ستتم تصفيته.",
        "المستوى الأدنى {level}",
        "المستوى الأعلى {level}",
        "شدة المراكز الطويلة {amount}",
        "شدة المراكز القصيرة {amount}",
        "شدة تصفية المراكز الطويلة",
        "شدة تصفية المراكز القصيرة",
        "الأعمدة: الشدة لكل شريحة سعرية بالدولار",
        "المنحنيات: المجموع ابتداءً من السعر بالدولار",
        "التظليل: التجمعات",
        "السعر بالدولار",
        "بيانات محاكاة",
    ),
    "es": (
        "{symbol}: los cortos por encima suman {upper} y los largos por debajo {lower}",
        "Intensidad de liquidación por precio · estimada con datos públicos de {source} · {time}",
        "Muestra dónde está el apalancamiento, no adónde irá el precio. La intensidad es un peso "
        "relativo de un modelo, no la suma que se liquidaría.",
        "Nivel inferior {level}",
        "Nivel superior {level}",
        "{amount} de intensidad larga",
        "{amount} de intensidad corta",
        "Intensidad de liquidación de largos",
        "Intensidad de liquidación de cortos",
        "Barras: intensidad por tramo de precio, en dólares",
        "Curvas: suma desde el precio hacia fuera, en dólares",
        "Sombreado: concentraciones",
        "Precio en dólares",
        "DATOS SIMULADOS",
    ),
    "vi": (
        "{symbol}: cường độ bán khống phía trên {upper}, mua ký quỹ phía dưới {lower}",
        "Cường độ thanh lý theo giá · ước tính từ dữ liệu công khai của {source} · {time}",
        "Cho thấy đòn bẩy nằm ở đâu, không phải giá sẽ đi đâu. Cường độ là trọng số tương đối của "
        "mô hình, không phải số tiền sẽ bị thanh lý.",
        "Mức dưới {level}",
        "Mức trên {level}",
        "cường độ lệnh mua {amount}",
        "cường độ lệnh bán {amount}",
        "Cường độ thanh lý lệnh mua",
        "Cường độ thanh lý lệnh bán",
        "Cột: cường độ theo từng khoảng giá, đô la",
        "Đường: tổng tính từ giá hiện tại ra ngoài, đô la",
        "Vùng tô: cụm",
        "Giá, đô la",
        "DỮ LIỆU MÔ PHỎNG",
    ),
    "zh_Hant": (
        "{symbol} 上方空頭清算強度{upper}，明顯高於下方多頭的{lower}",
        "各價位清算強度 · 依{source}公開資料估算 · {time}",
        "圖示槓桿所在，不預示價格走向。清算強度為模型的相對權重，並非將被清算的金額。",
        "下方關卡 {level}",
        "上方關卡 {level}",
        "多頭強度 {amount}",
        "空頭強度 {amount}",
        "多頭清算強度",
        "空頭清算強度",
        "柱：每個價格區間的強度，美元",
        "曲線：由現價向外累計，美元",
        "陰影：密集區",
        "價格，美元",
        "模擬資料",
    ),
    "fr": (
        "{symbol} : {upper} d’intensité vendeuse au-dessus, {lower} d’intensité acheteuse dessous",
        "Intensité de liquidation par prix · estimée d’après les données de {source} · {time}",
        "Montre où se trouve l’effet de levier, pas où le prix doit aller. L’intensité est un poids "
        "relatif issu d’un modèle, pas la somme qui serait liquidée.",
        "Niveau inférieur {level}",
        "Niveau supérieur {level}",
        "{amount} d’intensité acheteuse",
        "{amount} d’intensité vendeuse",
        "Intensité de liquidation des longs",
        "Intensité de liquidation des shorts",
        "Barres : intensité par tranche de prix, en dollars",
        "Courbes : cumul à partir du prix, en dollars",
        "Zones grisées : amas",
        "Prix en dollars",
        "DONNÉES SIMULÉES",
    ),
    "pt_PT": (
        "{symbol}: os shorts acima somam {upper} e os longs abaixo {lower}",
        "Intensidade de liquidação por preço · estimada com dados públicos de {source} · {time}",
        "Mostra onde está a alavancagem, não para onde o preço irá. A intensidade é um peso "
        "relativo de um modelo, não o montante que seria liquidado.",
        "Nível inferior {level}",
        "Nível superior {level}",
        "{amount} de intensidade longa",
        "{amount} de intensidade curta",
        "Intensidade de liquidação de longs",
        "Intensidade de liquidação de shorts",
        "Barras: intensidade por intervalo de preço, em dólares",
        "Curvas: soma a partir do preço, em dólares",
        "Sombreado: aglomerados",
        "Preço em dólares",
        "DADOS SIMULADOS",
    ),
    "id": (
        "{symbol}: intensitas short di atas {upper}, long di bawah {lower}",
        "Intensitas likuidasi menurut harga · diperkirakan dari data publik {source} · {time}",
        "Menunjukkan letak leverage, bukan arah harga. Intensitas adalah bobot relatif sebuah "
        "model, bukan jumlah yang akan dilikuidasi.",
        "Level bawah {level}",
        "Level atas {level}",
        "intensitas long {amount}",
        "intensitas short {amount}",
        "Intensitas likuidasi long",
        "Intensitas likuidasi short",
        "Batang: intensitas per rentang harga, dolar",
        "Kurva: jumlah dari harga ke luar, dolar",
        "Arsiran: klaster",
        "Harga, dolar",
        "DATA SIMULASI",
    ),
    "uk": (
        "{symbol}: інтенсивність шортів вище ціни {upper}, лонгів нижче — {lower}",
        "Інтенсивність ліквідацій за цінами · оцінка за відкритими даними {source} · {time}",
        "Показує, де зосереджене плече, а не куди піде ціна. Інтенсивність — відносна вага в "
        "моделі, а не сума майбутніх ліквідацій.",
        "Нижній рівень {level}",
        "Верхній рівень {level}",
        "інтенсивність лонгів {amount}",
        "інтенсивність шортів {amount}",
        "Інтенсивність ліквідацій лонгів",
        "Інтенсивність ліквідацій шортів",
        "Стовпці: інтенсивність у ціновому проміжку, долари",
        "Криві: сума від поточної ціни назовні, долари",
        "Тло: скупчення",
        "Ціна, долари",
        "ЗМОДЕЛЬОВАНІ ДАНІ",
    ),
    "pt_BR": (
        "{symbol}: os vendidos acima somam {upper} e os comprados abaixo {lower}",
        "Intensidade de liquidação por preço · estimada com dados públicos de {source} · {time}",
        "Mostra onde está a alavancagem, não para onde o preço vai. A intensidade é um peso "
        "relativo de um modelo, não o valor que seria liquidado.",
        "Nível inferior {level}",
        "Nível superior {level}",
        "{amount} de intensidade comprada",
        "{amount} de intensidade vendida",
        "Intensidade de liquidação de comprados",
        "Intensidade de liquidação de vendidos",
        "Barras: intensidade por faixa de preço, em dólares",
        "Curvas: soma a partir do preço, em dólares",
        "Sombreado: aglomerados",
        "Preço em dólares",
        "DADOS SIMULADOS",
    ),
    "ko": (
        "{symbol}: 위쪽 숏 청산 강도 {upper}, 아래쪽 롱 {lower}보다 뚜렷이 커",
        "가격대별 청산 강도 · {source} 공개 데이터로 추정 · {time}",
        "레버리지가 몰린 위치를 보여 줄 뿐 가격의 방향을 뜻하지 않습니다. 강도는 모형의 상대적 가중치이며 청산될 금액이 아닙니다.",
        "아래쪽 수준 {level}",
        "위쪽 수준 {level}",
        "롱 강도 {amount}",
        "숏 강도 {amount}",
        "롱 청산 강도",
        "숏 청산 강도",
        "막대: 가격 구간별 강도, 달러",
        "곡선: 현재가에서 바깥쪽으로 누적, 달러",
        "음영: 밀집 구간",
        "가격, 달러",
        "모의 데이터",
    ),
    "de": (
        "{symbol}: Shorts darüber mit {upper} Intensität, Longs darunter mit {lower}",
        "Liquidationsintensität nach Preis · geschätzt aus öffentlichen Daten von {source} · {time}",
        "Zeigt, wo der Hebel liegt, nicht wohin der Preis gehen muss. Die Intensität ist ein "
        "relatives Gewicht eines Modells, nicht die Summe, die liquidiert würde.",
        "Untere Marke {level}",
        "Obere Marke {level}",
        "{amount} Long-Intensität",
        "{amount} Short-Intensität",
        "Liquidationsintensität der Long-Positionen",
        "Liquidationsintensität der Short-Positionen",
        "Balken: Intensität je Preisabschnitt, in Dollar",
        "Kurven: Summe vom Preis nach außen, in Dollar",
        "Schattiert: Häufungen",
        "Preis in Dollar",
        "SIMULIERTE DATEN",
    ),
    "tr": (
        "{symbol}: yukarıdaki short yoğunluğu {upper}, aşağıdaki long {lower}",
        "Fiyata göre likidasyon yoğunluğu · {source} açık verilerinden tahmin · {time}",
        "Kaldıracın nerede olduğunu gösterir, fiyatın nereye gideceğini değil. Yoğunluk bir "
        "modelin göreli ağırlığıdır, likide edilecek tutar değildir.",
        "Alt seviye {level}",
        "Üst seviye {level}",
        "long yoğunluğu {amount}",
        "short yoğunluğu {amount}",
        "Long likidasyon yoğunluğu",
        "Short likidasyon yoğunluğu",
        "Çubuklar: fiyat aralığı başına yoğunluk, dolar",
        "Eğriler: fiyattan dışa doğru toplam, dolar",
        "Gölgeli: kümeler",
        "Fiyat, dolar",
        "SİMÜLE VERİ",
    ),
    "hi": (
        "{symbol}: ऊपर शॉर्ट की लिक्विडेशन तीव्रता {upper}, नीचे लॉन्ग की {lower}",
        "क़ीमत के अनुसार लिक्विडेशन तीव्रता · {source} के सार्वजनिक आँकड़ों से अनुमानित · {time}",
        "यह दिखाता है कि लीवरेज कहाँ है, यह नहीं कि क़ीमत कहाँ जाएगी। तीव्रता मॉडल का सापेक्ष भार है, लिक्विडेट होने वाली राशि नहीं।",
        "निचला स्तर {level}",
        "ऊपरी स्तर {level}",
        "लॉन्ग तीव्रता {amount}",
        "शॉर्ट तीव्रता {amount}",
        "लॉन्ग लिक्विडेशन तीव्रता",
        "शॉर्ट लिक्विडेशन तीव्रता",
        "स्तंभ: प्रति मूल्य-खंड तीव्रता, डॉलर",
        "वक्र: क़ीमत से बाहर की ओर जोड़, डॉलर",
        "छायांकित: संकेंद्रण क्षेत्र",
        "क़ीमत, डॉलर",
        "कृत्रिम आँकड़े",
    ),
    "th": (
        "{symbol}: ความเข้มของชอร์ตด้านบน {upper} มากกว่าลองด้านล่าง {lower}",
        "ความเข้มของการล้างพอร์ตตามราคา · ประมาณจากข้อมูลสาธารณะของ {source} · {time}",
        "แสดงว่าเลเวอเรจอยู่ที่ใด ไม่ใช่ราคาจะไปทางไหน ความเข้มเป็นน้ำหนักสัมพัทธ์ของแบบจำลอง ไม่ใช่จำนวนเงินที่จะถูกล้างพอร์ต",
        "ระดับล่าง {level}",
        "ระดับบน {level}",
        "ความเข้มฝั่งลอง {amount}",
        "ความเข้มฝั่งชอร์ต {amount}",
        "ความเข้มการล้างพอร์ตฝั่งลอง",
        "ความเข้มการล้างพอร์ตฝั่งชอร์ต",
        "แท่ง: ความเข้มต่อช่วงราคา ดอลลาร์",
        "เส้นโค้ง: ผลรวมจากราคาออกไป ดอลลาร์",
        "แรเงา: กลุ่มหนาแน่น",
        "ราคา ดอลลาร์",
        "ข้อมูลจำลอง",
    ),
}
LOCALES = tuple(WORDS)

_KEYS = (
    *("title", "subtitle", "caveat", "lower_label", "upper_label"),
    *("lower_intensity", "upper_intensity", "long_label", "short_label"),
    *("intensity_axis_label", "cumulative_label", "cluster_label", "price_axis_label"),
    "watermark",
)
_MONTH_SPELT_OUT = "2026-01-20, 08:00 UTC"


def written(
    locale: str, figures: Figures, *, simulated: bool = False, **others: str
) -> WrittenChart:
    """Return the words of a liquidation map of `figures`, its amounts as the locale has them."""
    amounts = AmountFormatter(locale)

    def price(value: float) -> str:
        return amounts.axis_price(Decimal(repr(value)))

    def usd(value: float) -> str:
        return amounts.axis_money(Decimal(f"{value:.4g}"))

    said = {
        "symbol": figures.symbol,
        "price": price(figures.price),
        "source": "Binance, Bybit, OKX",
        "time": _MONTH_SPELT_OUT,
        "upper": usd(figures.upper.intensity_usd),
        "lower": usd(figures.lower.intensity_usd),
    }
    level = {"lower": price(figures.lower.level), "upper": price(figures.upper.level)}
    strings = {
        key: text.format(
            **said, level=level.get(key[:5], ""), amount=said.get(key[:5], "")
        )
        for key, text in zip(_KEYS, WORDS[locale], strict=True)
    }
    strings["price_label"] = f"{figures.symbol} {said['price']}"
    if not simulated:
        del strings["watermark"]
    return WrittenChart(locale=locale, strings={**strings, **others}, gaps=())
