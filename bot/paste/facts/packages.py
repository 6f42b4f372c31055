"""Packages: whose class names and directories are whose. One line a name."""

from __future__ import annotations

# The first parts of qualified class names (with `.` whatever the language writes), and the packages they are of.
_CLASSES = """
adal: adal
aiohttp: aiohttp
aliyunsdkcore: aliyun-python-sdk-core
Amazon: aws-sdk-net
anthropic: anthropic
asyncpg: asyncpg
authlib: authlib
Aws: aws-sdk-php
azure.core: azure-core
azure.identity: azure-identity
Azure.Identity: Azure.Identity azure-identity
boto: boto
boto3: boto3 botocore
botocore: botocore boto3
cohere: cohere
com.alipay: alipay-sdk-java
com.aliyun: aliyun-java-sdk
com.aliyuncs: aliyun-java-sdk
com.amazonaws: aws-sdk-java com.amazonaws
com.auth0: java-jwt auth0
com.dingtalk: dingtalk-sdk
com.github.binarywang: WxJava
com.google.api: google-api-java-client
com.google.auth: google-auth-java
com.google.firebase: firebase-admin
com.lark: lark-oapi
com.microsoft.aad.msal4j: msal4j
com.microsoft.sqlserver.jdbc: mssql-jdbc
com.mongodb: mongo-java-driver
com.mysql: mysql-connector-java
com.nimbusds: nimbus-jose-jwt
com.okta: okta
com.rabbitmq: amqp-client
com.tencentcloudapi: tencentcloud-sdk
com.wechat.pay: wechatpay-java
dashscope: dashscope
databricks: databricks
discord: discord.py
docker: docker
EasyWeChat: easywechat
elasticsearch: elasticsearch
Faraday: faraday
feign: feign
Firebase.JWT: firebase/php-jwt
firebase_admin: firebase-admin
github: pygithub
gitlab: python-gitlab
Google: google-api-php-client
google.api_core: google-api-core
Google.Apis: Google.Apis
google.auth: google-auth
google.cloud: google-cloud
google.genai: google-genai
google.generativeai: google-generativeai
googleapiclient: google-api-python-client
groq: groq
grpc: grpcio
GuzzleHttp: guzzle
httpx: httpx
hubspot: hubspot
huggingface_hub: huggingface_hub
hvac: hvac
Illuminate: laravel
io.grpc: grpc-java
io.jsonwebtoken: jjwt
io.lettuce: lettuce
java.sql:
javax.net:
jose: python-jose
jwt: pyjwt
JWT: ruby-jwt
kubernetes: kubernetes
langchain: langchain
lark_oapi: lark-oapi
ldap: python-ldap
ldap3: ldap3
League.OAuth2: league/oauth2-client
litellm: litellm
me.chanjar.weixin: weixin-java WxJava
Microsoft.Data.SqlClient: Microsoft.Data.SqlClient
Microsoft.Graph: Microsoft.Graph
Microsoft.Identity.Client: Microsoft.Identity.Client msal
Microsoft.IdentityModel: Microsoft.IdentityModel
mistralai: mistralai
MongoDB.Driver: MongoDB.Driver
msal: msal
mysql.connector: mysql-connector-python
MySql.Data: MySql.Data
Mysql2: mysql2
MySQLdb: mysqlclient
notion_client: notion-client
Npgsql: Npgsql
OAuth2: oauth2
oauthlib: oauthlib
Octokit: octokit
okhttp3: okhttp
openai: openai
oracle.jdbc: ojdbc
org.apache.kafka: kafka
org.keycloak: keycloak
org.postgresql: pgjdbc org.postgresql
org.springframework: spring
org.springframework.security: spring-security
oss2: oss2
Overtrue: easywechat
paramiko: paramiko
PG: pg
pinecone: pinecone
praw: praw
prawcore: prawcore
psycopg: psycopg
psycopg2: psycopg2
pymongo: pymongo
pymysql: pymysql
qcloud_cos: cos-python-sdk-v5
RabbitMQ.Client: RabbitMQ.Client
redis: redis
redis.clients.jedis: jedis
replicate: replicate
requests: requests
requests_oauthlib: requests-oauthlib
retrofit2: retrofit
sendgrid: sendgrid
shopify: shopify
simple_salesforce: simple-salesforce
slack: slack
slack_sdk: slack-sdk
snowflake: snowflake
software.amazon.awssdk: aws-sdk-java-v2
spotipy: spotipy
sqlalchemy: sqlalchemy
StackExchange.Redis: StackExchange.Redis
stripe: stripe
Stripe: stripe-php
telegram: python-telegram-bot
telethon: telethon
tencentcloud: tencentcloud-sdk
tweepy: tweepy
twilio: twilio
urllib3: urllib3
zhipuai: zhipuai
"""
# Directories below site-packages that are not named as their package.
_DIRECTORIES = """
MySQLdb: mysqlclient
aliyunsdkcore: aliyun-python-sdk-core
discord: discord.py
firebase_admin: firebase-admin
github: pygithub
google/auth: google-auth
google/cloud: google-cloud
googleapiclient: google-api-python-client
jose: python-jose
jwt: pyjwt
notion_client: notion-client
requests_oauthlib: requests-oauthlib
slack_sdk: slack-sdk
"""

PACKAGES = {
    name: tuple(packages.split()) for name, _, packages in (row.partition(":") for row in _CLASSES.split("\n")[1:-1])
}
DIRECTORIES = {
    name: package.strip() for name, _, package in (row.partition(":") for row in _DIRECTORIES.split("\n")[1:-1])
}
