//! Entities of the mappers, each with what is none.

use crate::extract::code::snapshot::check;

#[test]
fn classes_and_tables_of_sqlalchemy() {
    check(
        "models.py",
        r#"
from sqlalchemy import Column, Integer, Table, MetaData, ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from .database import db
class Base(DeclarativeBase): ...
class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    note: Mapped[str] = mapped_column()
    helper = 3
class Item(db.Model):
    id = db.Column(db.Integer, primary_key=True)
class Stamped(Base):
    __abstract__ = True
    at = Column(Integer)
class OrderRead(BaseModel):
    id: int
users = Table("users", MetaData(), Column("id", Integer, primary_key=True), Column("name"))
links = Table("links", metadata, Column("a", ForeignKey("x.id")), Column("b", ForeignKey("y.id")))
        "#,
        "6 entity Order table orders (id, note)
        11 entity Item (id)
        18 entity users table users (id, name)",
    );
}

#[test]
fn only_tables_of_sqlmodel_are_entities() {
    check(
        "models.py",
        "
from sqlmodel import SQLModel, Field
class UserBase(SQLModel):
    name: str
class User(UserBase, table=True):
    id: int = Field(primary_key=True)
class UserRead(UserBase):
    id: int
        ",
        "5 entity User (id)",
    );
}

#[test]
fn models_of_django() {
    check(
        "shop/models.py",
        "
from django.db import models
from django.contrib.auth.models import AbstractUser
class Base(models.Model):
    at = models.DateTimeField()
    class Meta:
        abstract = True
class Order(Base):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    class Meta:
        db_table = 'shop_order'
    class Status(models.TextChoices):
        NEW = 'n'
class User(AbstractUser):
    phone = models.CharField(max_length=9)
class Cheap(Order):
    class Meta:
        proxy = True
class OrderForm(forms.ModelForm): ...
        ",
        "8 entity Order table shop_order (user)
        14 entity User (phone)",
    );
}

#[test]
fn other_mappers() {
    check(
        "models.py",
        "
from tortoise import fields
from tortoise.models import Model
class Order(Model):
    id = fields.IntField(pk=True)
    class Meta:
        table = 'orders'
        ",
        "4 entity Order table orders (id)",
    );
    check(
        "models.py",
        "
from peewee import Model, CharField
class Base(Model):
    class Meta:
        database = db
class Order(Base):
    name = CharField()
        ",
        "6 entity Order (name)",
    );
    check(
        "models.py",
        "
from mongoengine import Document, EmbeddedDocument, StringField
class Order(Document):
    name = StringField()
    meta = {'collection': 'orders'}
class Part(EmbeddedDocument):
    name = StringField()
        ",
        "3 entity Order table orders (name)",
    );
    check(
        "models.py",
        "
from beanie import Document
class Order(Document):
    name: str
    class Settings:
        name = 'orders'
        ",
        "3 entity Order table orders (name)",
    );
}
