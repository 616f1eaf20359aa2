package demo

func eastAsianProblems() map[string][]problem {
	return map[string][]problem{
		japanese: {
			{
				subject:     "{site}倉庫のハンディ端末が無線LANに接続できない",
				description: "お世話になっております。\n\n本日9時頃より、{site}倉庫のハンディ端末{n}台が無線LANに接続できません。出荷が止まっております。",
				question:    "ご連絡ありがとうございます。端末に表示されるエラーと、ログをお送りいただけますか。",
				reply:       "「認証エラー」と表示されます。ログを添付いたします。",
				solution:    "認証サーバーの証明書が本日期限切れとなっておりました。更新し、9時52分に復旧しております。期限の監視を追加しました。",
				thanks:      "復旧を確認しました。迅速なご対応ありがとうございました。",
				component:   wireless, reason: "configuration", severity: 1, file: "log",
			},
			{
				subject:     "客室の通信速度について",
				description: "{site}の客室で、夜間の通信速度が遅いというお声を頂戴しております。",
				question:    "何号室付近でしょうか。可能であれば測定結果の画像をお送りください。",
				reply:       "本館{n}号室付近です。画像を添付します。",
				solution:    "同じチャンネルの電波が重なっておりました。チャンネルを自動調整に変更し、下り180Mbpsを確認しております。",
				thanks:      "お客様から好評です。ありがとうございました。",
				component:   wireless, reason: "traffic", severity: 3, file: "picture",
			},
		},
		chinese: {
			{
				subject:     "{site}门店收银系统断网",
				description: "您好：\n\n{site}门店从上午10点开始断网，收银系统无法使用，请尽快处理。",
				question:    "您好，请问路由器的指示灯是什么状态？请拍照发给我们。",
				reply:       "WAN灯不亮，照片见附件。",
				solution:    "运营商光猫故障，已切换到备用4G线路，10:45恢复。新光猫下午更换完毕。",
				thanks:      "已经恢复正常，谢谢！",
				component:   wan, reason: "traffic", severity: 1, file: "picture",
			},
			{
				subject:     "车间{n}号交换机升级后端口速率变成百兆",
				description: "升级到8.1.0以后，{site}车间{n}号交换机的部分端口只有100M。",
				question:    "请提供端口状态日志，以及网线的类型。",
				reply:       "都是六类线，日志已上传。",
				solution:    "这是8.1.0的已知问题，升级到8.1.2后恢复千兆。",
				thanks:      "升级完成，速率正常了。",
				kind:        "bug", component: wired, reason: "upgrade", severity: 2, file: "log",
			},
		},
	}
}
