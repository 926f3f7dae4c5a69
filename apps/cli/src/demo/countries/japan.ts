import { type Country, words } from "../Country.ts"

export const japan: Country = {
  code: "JP",
  language: "ja",
  currency: "JPY",
  timezone: "Asia/Tokyo",
  company: "株式会社",
  women: words(
    "陽葵:himari 結衣:yui 葵:aoi 莉子:riko 美咲:misaki さくら:sakura 花子:hanako 優子:yuko 恵子:keiko 由美:yumi 愛:ai 真由美:mayumi 彩:aya 舞:mai 凛:rin"
  ),
  men: words(
    "蓮:ren 湊:minato 陽翔:haruto 大翔:hiroto 悠真:yuma 太郎:taro 健太:kenta 翔太:shota 大輔:daisuke 誠:makoto 直樹:naoki 拓也:takuya 浩:hiroshi 海斗:kaito 亮:ryo"
  ),
  families: words(
    "佐藤:sato 鈴木:suzuki 高橋:takahashi 田中:tanaka 伊藤:ito 渡辺:watanabe 山本:yamamoto 中村:nakamura 小林:kobayashi 加藤:kato 吉田:yoshida 山田:yamada 佐々木:sasaki 山口:yamaguchi 松本:matsumoto 井上:inoue 木村:kimura 林:hayashi 清水:shimizu 斎藤:saito 森:mori 池田:ikeda 橋本:hashimoto 阿部:abe 石川:ishikawa"
  ),
  streets: ["丸の内1丁目#-#", "本町2丁目#-##", "中央3丁目##-#", "駅前1丁目#-#", "桜町4丁目##-##", "緑ヶ丘5丁目#-#"],
  cities: [
    { city: "千代田区", state: "東京都", zipCode: "100-00##" },
    { city: "新宿区", state: "東京都", zipCode: "160-00##" },
    { city: "大阪市", state: "大阪府", zipCode: "530-00##" },
    { city: "横浜市", state: "神奈川県", zipCode: "220-00##" },
    { city: "名古屋市", state: "愛知県", zipCode: "450-00##" },
    { city: "札幌市", state: "北海道", zipCode: "060-00##" },
    { city: "福岡市", state: "福岡県", zipCode: "810-00##" },
    { city: "京都市", state: "京都府", zipCode: "600-80##" }
  ],
  phones: ["+81 3-5555-####", "+81 6-5555-####", "+81 90-5555-####", "+81 80-5555-####"]
}
