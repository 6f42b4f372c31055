"""Domains under which vendors answer: they say whose error it is, while other hosts are the asker's own."""

from __future__ import annotations

import re
from typing import Final

# Not in it: domains under which customers' own programs run (herokuapp.com, vercel.app, run.app …).
VENDORS: Final = frozenset(
    """
    126.com 163.com adobe.com adobe.io adyen.com airtable.com alibabacloud.com aliexpress.com alimama.com alipay.com
    alipaydev.com aliyun.com aliyuncs.com amazon.com amazonaws.com amazonaws.com.cn amazoncognito.com amplitude.com
    anthropic.com api.aws apple.com asana.com atlassian.com atlassian.net auth0.com authjs.dev awsapps.com azconfig.io
    azmk8s.io azure-api.net azure.com azure.net azurecr.io b2clogin.com backblazeb2.com baichuan-ai.com baidu.com
    baidubce.com bcebos.com battle.net bigcommerce.com bigmodel.cn biliapi.com bilibili.com binance.com bitbucket.org
    bitget.com bitly.com box.com braintreegateway.com brevo.com bybit.com calendly.com chargebee.com chatgpt.com
    chinacloudapi.cn ciamlogin.com circleci.com cisco.com clari.com claude.ai claude.com clerk.com clickup.com
    cloudamqp.com cloudflare.com cloudflareaccess.com cloudflarestorage.com cohere.ai cohere.com coinbase.com
    confluent.cloud crates.io damai.cn databricks.com datadoghq.com dataforseo.com deepgram.com deepl.com deepseek.com
    deezer.com descope.com dianping.com digitalocean.com digitaloceanspaces.com dingtalk.com dingtalk.io discord.com
    discord.gg discordapp.com dnsapi.cn dnspod.cn dnspod.com docker.com docker.io docusign.com docusign.net douyin.com
    dropbox.com dropboxapi.com duosecurity.com dynamics.com ebay.com ecr.aws elastic-cloud.com elastic.co ele.me
    elevenlabs.io envato.com epicgames.com es.io etsy.com eventbrite.com expo.dev facebook.com facebook.net fastly.com
    fedex.com feishu.cn feishuapp.cn figma.com firebasedatabase.app firebaseio.com firebasestorage.app fireworks.ai
    fitbit.com force.com freshdesk.com fusionauth.io fxiaoke.com garmin.com gcr.io getui.com ghcr.io giphy.com
    gitee.com github.com githubcopilot.com githubusercontent.com gitlab.com gmail.com gocardless.com godaddy.com
    goofish.com google.com google.dev googleapis.com grafana.net gravatar.com groq.com hashicorp.cloud here.com
    heroku.com hetzner.cloud hf-mirror.com hf.co hf.space huawei.com huaweicloud.com huaweicloudapis.com hubapi.com
    hubspot.com huggingface.cloud huggingface.co ibm.com icloud.com idrivee2.com imgur.com infura.io instagram.com
    intercom.io intuit.com jd.com jddj.com jfrog.io jihulab.com jinritemai.com jiguang.cn jpush.cn kakao.com
    kaiostech.com keycloak.org kimi.com klarna.com klaviyo.com kraken.com kuaishou.com larkoffice.com larksuite.com
    launchdarkly.com lemonsqueezy.com line.me linear.app linkedin.com linode.com linodeobjects.com live.com
    logto.app mailchimp.com mailgun.net mailgun.org mailjet.com mapbox.com marketo.com mattermost.com me.com
    meituan.com messagebird.com mi.com microsoft.com microsoft.us microsoftazuread-sso.com microsoftonline.cn
    microsoftonline.com microsoftonline.us min.io minimax.chat minimaxi.com minio.io miro.com mistral.ai
    mixpanel.com mmbizurl.cn mollie.com monday.com mongodb.net moonshot.ai moonshot.cn mxhichina.com
    myhuaweicloud.com myhuaweicloud.eu myhwclouds.com myqcloud.com myshopify.com naver.com neon.tech netease.com
    netlify.com newapi.ai newrelic.com nexmo.com notion.com notion.site notion.so nvidia.com
    oceanengine.com office.com office365.com okta-emea.com okta.com oktapreview.com okx.com onedrive.com
    onelogin.com open-douyin.com openai.com openrouter.ai openweathermap.org oppomobile.com oracle.com
    oraclecloud.com outlook.com ovh.com paddle.com pagerduty.com patreon.com paypal.com perplexity.ai pinduoduo.com
    pingidentity.com pinterest.com pipedrive.com pkg.dev plaid.com plivo.com postmarkapp.com postman.com
    propelauth.com psdb.cloud qcloud.com qiniu.com qiniuapi.com qq.com quay.io quickbooks.com qwen.ai r2.dev
    rapidapi.com razorpay.com reddit.com redhat.com redhat.io redis-cloud.com redislabs.com replicate.com
    ringcentral.com roblox.com salesforce.com salesloft.com sap.com scw.cloud segment.io sendgrid.com sendgrid.net
    sendinblue.com sentry.io service-now.com sharepoint.com shopify.com shopify.dev shopifycloud.com siliconflow.cn
    sina.com.cn slack-gov.com slack.com smartsheet.com snapchat.com snowflakecomputing.com snssdk.com soundcloud.com
    spotify.com squareup.com squareupsandbox.com stability.ai steampowered.com storjshare.io strava.com stripe.com
    supabase.co supabase.com supabase.in surveymonkey.com t.me tableau.com taobao.com tapkey.com tapkey.io
    tbsandbox.com telegram.org tencent.com tencentcloud.com tencentcloudapi.com tencentcloudcr.com tencentyun.com
    tenpay.com terraform.io tesla.com threads.com threads.net tidbcloud.com tiktok-shops.com tiktok.com tiktokapis.com
    tiktokglobalshop.com together.ai together.xyz toutiao.com trello.com tumblr.com tuyacn.com tuyaus.com twilio.com
    twitch.tv twitter.com typeform.com umeng.com unsplash.com upstash.io uber.com ups.com vercel.com viber.com
    vimeo.com visualstudio.com vivo.com.cn vk.com volces.com volcengine.com volcengineapi.com vonage.com
    vultr.com vultrobjects.com wasabisys.com webex.com webexapis.com wechatpay.cn weibo.cn weibo.com whatsapp.com
    windows.net wix.com woocommerce.com wordpress.com workos.com workday.com x.ai x.com xero.com xfyun.cn
    xiaohongshu.com xiaomi.com ximalaya.com yahoo.com yandex.com yandex.net yandex.ru yangkeduo.com yarnpkg.com
    youdao.com youtu.be youtube.com youzan.com youzanyun.com z.ai zendesk.com zijieapi.com zitadel.cloud zoho.com
    zoom.us zoomgov.com
    """.split()
)
# Machines that a vendor rents out: whose error it is they don't say.
RENTED: Final = frozenset("rds compute elb elasticbeanstalk cache ec2-user cloudapp hosted docdb".split())

_DOMAIN = re.compile(r"(?a)(?<![\w.-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,2}(?![\w.-])")


def masked(text: str, placeholder: str) -> str:
    """Return a placeholder for `text`, with the vendors' domains in it: {value} github.com."""
    return " ".join([placeholder, *(domain for domain in _DOMAIN.findall(text) if domain in VENDORS)])
